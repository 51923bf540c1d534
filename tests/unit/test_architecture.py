"""The arrows of the house point one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What loads a solver; the dashboard reads stores and never needs it.
SOLVING = {"engine.pipeline", "engine.expansion", "engine.dispatch", "engine.solver", "engine.formulation",
           "engine.model", "engine.technologies", "engine.limits", "engine.economics",
           "engine.demand_response.commitments", "engine.demand_response.operation",
           "engine.frontier.study", "engine.frontier.evaluation",
           "engine.solve_process", "engine.diagnosis", "engine.pricing", "engine.solver_session"}  # fmt: skip
FORBIDDEN = {
    "engine": {"dash", "plotly", "dash_bootstrap_components", "dashboard", "app", "tests"},
    "dashboard": {"pyomo", "highspy", "app", "tests", *SOLVING},
}
# Each stage may use what stands before it; none reaches back.
ORDER = ["engine.scenario", "engine.profiles", "engine.periods", "engine.formulation", "engine.model",
         "engine.expansion", "engine.dispatch", "engine.pipeline"]  # fmt: skip


def imports(file: Path) -> set[str]:
    """Modules that a file imports anywhere, in functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("room", FORBIDDEN)
def test_engine_and_dashboard_meet_only_in_the_store_and_public_functions(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imports(file)
        if any(within(name, package) for package in FORBIDDEN[room])
    ]
    assert wrong == []


# What the engine may start as a process of its own, by module: it never imports it.
STARTED = {"engine/serving.py": {"app"}, "engine/cli/exporting.py": {"dashboard.takeaway"}}


def test_the_engine_starts_pages_only_as_processes_that_are_named_here() -> None:
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "engine").rglob("*.py")):
        if "subprocess" not in imports(file):
            continue
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        if named := {text for text in texts if text == "app" or text.startswith("dashboard.")}:
            found[str(file.relative_to(ROOT))] = named
    assert found == STARTED


def test_no_stage_reaches_back() -> None:
    wrong = []
    for file in sorted((ROOT / "engine").rglob("*.py")):
        here = [place for place, stage in enumerate(ORDER) if within(module_name(file), stage)]
        for name in imports(file) if here else ():
            later = [place for place, stage in enumerate(ORDER) if within(name, stage) and place > here[-1]]
            if later:
                wrong.append(f"{module_name(file)} imports {name}")
    assert wrong == []


def test_verification_shares_no_code_with_the_model_builder() -> None:
    files = sorted((ROOT / "engine" / "verification").rglob("*.py"))
    assert files
    used = {name for file in files for name in imports(file) if name.startswith("engine")}
    assert not any(
        within(name, package)
        for name in used
        for package in SOLVING | {"engine.periods", "engine.summary", "engine.demand_response"}
    )


def test_importing_the_dashboard_loads_no_solver() -> None:
    import subprocess
    import sys

    code = (
        "import sys, engine.store, engine.jobs, engine.library; print('highspy' in sys.modules, 'pyomo' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.split() == ["False", "False"]
