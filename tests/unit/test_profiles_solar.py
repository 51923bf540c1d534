"""Photovoltaic output: night, noon, clipping and each parameter's direction, by what physics demands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from profiles_kit import greensboro

from engine.profiles.solar import photovoltaic_pu
from engine.profiles.weather import Weather, solar_position
from engine.scenario.renewables import PhotovoltaicArray


def output(weather: Weather | None = None, **array: object) -> np.ndarray:
    return photovoltaic_pu(weather or greensboro(), PhotovoltaicArray(**array))


def clear_noon(*, temp_air_c: float, wind_speed_m_s: float = 1.0) -> Weather:
    """A year of one kind of hour: 1,000 W/m2 of beam whenever the sun is up, nothing diffuse."""
    base = greensboro()
    zenith_deg = solar_position(base)["zenith"].to_numpy()
    cosine = np.cos(np.radians(zenith_deg)).clip(min=0.0)
    return replace(
        base,
        dni_w_m2=np.where(cosine > 0, 1000.0, 0.0),
        dhi_w_m2=np.zeros(8760),
        ghi_w_m2=1000.0 * cosine,
        temp_air_c=np.full(8760, temp_air_c),
        wind_speed_m_s=np.full(8760, wind_speed_m_s),
    )


@pytest.mark.parametrize("tracking", ["one_axis", "fixed"])
def test_nights_are_exactly_zero_and_nothing_leaves_0_to_1(tracking: str) -> None:
    pu = output(tracking=tracking)
    down = solar_position(greensboro())["apparent_zenith"].to_numpy() >= 90
    assert down.sum() > 4000
    assert (pu[down] == 0.0).all()
    assert np.isfinite(pu).all()
    assert pu.min() == 0.0
    assert pu.max() <= 1.0


def test_dark_year_gives_nothing() -> None:
    zeros = np.zeros(8760)
    dark = replace(greensboro(), ghi_w_m2=zeros, dni_w_m2=zeros, dhi_w_m2=zeros)
    assert (output(dark) == 0.0).all()


def test_panel_facing_the_sun_gives_what_the_formula_says() -> None:
    # Fixed at tilt 36.1 - 23.4 south, on 21 June (day 172) at solar noon (12:20 clock time, hour 12) the beam meets
    # it almost head-on: 1,000 W/m2. SAPM cell: module = 1000 exp(-3.56 - 0.075 x 1) + 25 = 51.4 C, cell 3 C more.
    # DC per MWdc: (1 - 0.0037 x (54.4 - 25)) x (1 - 0.140757) = 0.766; inverter 96 % at this load: 0.735 MW.
    pu = output(clear_noon(temp_air_c=25.0), tracking="fixed", tilt_deg=36.1 - 23.4, dc_ac_ratio=1.0)
    cell_c = 25.0 + 1000.0 * np.exp(-3.56 - 0.075) + 3.0
    expected = (1.0 - 0.0037 * (cell_c - 25.0)) * (1.0 - 0.140757) * 0.96
    assert pu[171 * 24 + 12] == pytest.approx(expected, rel=0.01)


def test_inverter_clips_at_its_rating() -> None:
    # DC/AC 1.6: 0.766 x 1.6 = 1.22 MWdc a MWac at noon.
    pu = output(clear_noon(temp_air_c=25.0), dc_ac_ratio=1.6)
    assert pu.max() == pytest.approx(1.0, abs=1e-9)
    assert (pu > 0.999).sum() > 1000
    assert output(clear_noon(temp_air_c=25.0), dc_ac_ratio=1.0).max() < 0.85


def test_inverter_is_less_efficient_at_part_load() -> None:
    # PVWatts: eta = 0.96 / 0.9637 x (-0.0162 z - 0.0059 / z + 0.9858) at load z = p_dc x 0.96. The same noon gives
    # 0.766 MWdc per MWdc: z = 0.735 at DC/AC 1.0 (eta 0.9622), z = 0.257 at 0.35 (eta 0.9550).
    noon = 171 * 24 + 12
    weather = clear_noon(temp_air_c=25.0)
    full, part = (output(weather, tracking="fixed", tilt_deg=12.7, dc_ac_ratio=ratio)[noon] for ratio in (1.0, 0.35))
    assert part / full == pytest.approx(0.35 * 0.9550 / 0.9622, rel=0.001)


def test_glass_reflects_more_of_a_low_sun() -> None:
    # A flat module under beam alone sees cos(zenith); near 80 degrees the glass passes some two thirds of it.
    weather = clear_noon(temp_air_c=25.0)
    zenith_deg = solar_position(weather)["apparent_zenith"].to_numpy()
    low = int(np.argmin(np.abs(zenith_deg - 80.0)))
    high = int(np.argmin(zenith_deg))
    pu = output(weather, tracking="fixed", tilt_deg=0, dc_ac_ratio=1.0, temperature_coefficient_per_c=0.0)
    cosines = np.cos(np.radians(zenith_deg))
    assert 0.5 < (pu[low] / pu[high]) / (cosines[low] / cosines[high]) < 0.75


def test_ten_degrees_more_cost_ten_times_the_coefficient() -> None:
    cool, warm = (
        output(clear_noon(temp_air_c=10.0), dc_ac_ratio=1.0),
        output(clear_noon(temp_air_c=20.0), dc_ac_ratio=1.0),
    )
    noon = 171 * 24 + 12
    # The cell is at 39.4 and 49.4 C; (1 - 0.0037 x 24.4) / (1 - 0.0037 x 14.4) = 0.9609, the inverter nearly constant.
    assert warm[noon] / cool[noon] == pytest.approx(0.961, abs=0.002)


def test_tracking_beats_fixed_tilt_and_wide_rows_beat_narrow_ones() -> None:
    tracked, fixed = output().sum(), output(tracking="fixed").sum()
    assert 1.08 < tracked / fixed < 1.25
    assert output(ground_coverage_frac=0.2).sum() > output(ground_coverage_frac=0.6).sum()


def test_east_gives_mornings_and_west_gives_evenings() -> None:
    east = output(tracking="fixed", tilt_deg=45, azimuth_deg=90).reshape(365, 24)
    west = output(tracking="fixed", tilt_deg=45, azimuth_deg=270).reshape(365, 24)
    assert east[:, 8].sum() > 2 * west[:, 8].sum()
    assert west[:, 16].sum() > 2 * east[:, 16].sum()


def test_losses_take_their_share() -> None:
    # Without clipping (DC/AC 0.8) the yield falls with 1 - losses, the inverter a little less good at part load.
    ratio = output(dc_ac_ratio=0.8, losses_frac=0.2).sum() / output(dc_ac_ratio=0.8, losses_frac=0.0).sum()
    assert ratio == pytest.approx(0.8, abs=0.01)


def test_output_peaks_near_solar_noon_on_the_clock_of_the_plan() -> None:
    # Longitude 79.95 W in UTC-5 puts solar noon at 12:20 on average: the hours 12 and 11 carry the most.
    by_hour = output(tracking="fixed").reshape(365, 24).sum(axis=0)
    assert set(np.argsort(by_hour)[-2:]) == {11, 12}
