"""Technology behaviours, by the `kind` of their data."""

from engine.technologies.battery import BatteryBehaviour
from engine.technologies.behaviour import Behaviour
from engine.technologies.grid import GridBehaviour
from engine.technologies.solar import SolarBehaviour
from engine.technologies.thermal import ThermalBehaviour

BEHAVIOURS: dict[str, Behaviour] = {
    "thermal": ThermalBehaviour(),
    "battery": BatteryBehaviour(),
    "solar": SolarBehaviour(),
    "grid": GridBehaviour(),
}
