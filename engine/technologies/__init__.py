"""Technology behaviours, by the `kind` of their data."""

from engine.technologies.battery import BatteryBehaviour
from engine.technologies.behaviour import Behaviour
from engine.technologies.grid import GridBehaviour
from engine.technologies.renewable import RenewableBehaviour
from engine.technologies.thermal import ThermalBehaviour

BEHAVIOURS: dict[str, Behaviour] = {
    "thermal": ThermalBehaviour(),
    "battery": BatteryBehaviour(),
    "solar": RenewableBehaviour("sun"),
    "wind": RenewableBehaviour("wind"),
    "grid": GridBehaviour(),
}
