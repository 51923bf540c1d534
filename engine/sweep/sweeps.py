"""The folder of sweeps: launched, cancelled, resumed, read.

    sweeps/{sweep_id}/sweep.json     what was asked: spec, resolved base scenario, files by hash
                      state.json     running, cancelled, stopped, done or failed; since when, for whom
                      cases.parquet  the dataset, also the memory of what is pending, queued and ended

Whoever changes state or dataset holds the sweep's lock, which the system frees when its holder dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from engine.errors import InputError, StoreError
from engine.files import write_whole
from engine.job import JobQueue
from engine.scenario.loading import home
from engine.sweep import dataset, designs
from engine.sweep.plan import Plan

FOLDER = "sweeps"
SPEC, STATE, CASES = "sweep.json", "state.json", "cases.parquet"
RUNNING, STOPPED, CANCELLED, DONE, FAILED = "running", "stopped", "cancelled", "done", "failed"
OWNER = "sweep:"
_SWEEP_ID = re.compile(r"^[a-z0-9][a-z0-9_-]{0,80}$")


@dataclass(frozen=True)
class State:
    """Where a sweep stands.

    Attributes
    ----------
    state : str
        running, cancelled, stopped (its budget is spent), done or failed (it cannot go on).
    reason : str
        Of a stopped or failed one.
    created, resumed, ended : float
        Epoch seconds; `ended` 0 while it runs.
    """

    state: str
    reason: str = ""
    created: float = 0.0
    resumed: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True)
class Status:
    """A sweep at a glance.

    Attributes
    ----------
    sweep_id, name, description, design, base : str
    state : State
    counts : dict of str to int
        Cases in each state of the dataset.
    seconds : float
        That its cases have run.
    """

    sweep_id: str
    name: str
    description: str
    design: str
    base: str
    state: State
    counts: dict[str, int]
    seconds: float

    @property
    def cases(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def ended(self) -> int:
        """Cases with an answer, also an infeasible or failed one."""
        return sum(self.counts.get(state, 0) for state in dataset.ENDED)

    @property
    def left(self) -> int:
        """Cases still to come."""
        return self.cases - self.ended


class Sweeps:
    """All sweeps of a home folder.

    Parameters
    ----------
    root : Path, optional
        Default: `sweeps` in the Firmwatt home folder.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root if root is not None else home() / FOLDER

    def ids(self) -> list[str]:
        """All sweeps, newest first."""
        if not self.root.is_dir():
            return []
        found = [folder for folder in self.root.iterdir() if (folder / STATE).is_file()]
        return [folder.name for folder in sorted(found, key=lambda one: -(one / SPEC).stat().st_mtime)]

    def running(self) -> list[str]:
        """Sweeps that want to go on, oldest first."""
        return [one for one in reversed(self.ids()) if self.state(one).state == RUNNING]

    def path(self, sweep_id: str) -> Path:
        """Folder of a sweep; raises `StoreError` where there is none."""
        folder = self.root / sweep_id
        if not _SWEEP_ID.match(sweep_id) or not (folder / STATE).is_file():
            raise StoreError(f'there is no sweep "{sweep_id}" in {self.root}; `firmwatt sweep list` shows the sweeps.')
        return folder

    def resolve(self, beginning: str) -> str:
        """Full id of a unique beginning; raises `StoreError`."""
        found = [one for one in self.ids() if one.startswith(beginning)]
        if beginning in found:
            return beginning
        if len(found) != 1:
            reason = "no sweep begins so" if not found else f"{len(found)} sweeps begin so"
            raise StoreError(f'"{beginning}" names no sweep: {reason}; `firmwatt sweep list` shows the sweeps.')
        return found[0]

    def launch(self, plan: Plan) -> str:
        """Begin a sweep, or go on with it where it was asked before (its budget may be another); returns its id."""
        sweep_id, folder = plan.sweep_id, self.root / plan.sweep_id
        folder.mkdir(parents=True, exist_ok=True)
        with self._locked(folder):
            write_whole(folder / SPEC, json.dumps(plan.to_json()).encode())
            if not (folder / CASES).is_file():
                frame = dataset.fresh(designs.cases(plan.sweep, plan.places), plan.base.scenario.model_dump())
                self._write_cases(folder, frame, plan)
            if not (folder / STATE).is_file():
                self._write_state(folder, State(RUNNING, created=time.time(), resumed=time.time()))
                return sweep_id
        self.resume(sweep_id)
        return sweep_id

    def resume(self, sweep_id: str, *, failed: bool = False) -> None:
        """Let a sweep go on; with `failed`, cases that failed or were cancelled are tried again."""
        folder = self.path(sweep_id)
        with self._locked(folder):
            frame, again = self.cases(sweep_id), (dataset.FAILED, dataset.CANCELLED)
            retried = frame["state"].isin(again) if failed else frame["state"] == ""
            if retried.any():
                frame.loc[retried, ["state", "reason", "job_id"]] = [dataset.PENDING, "", ""]
                self._write_cases(folder, frame, self.plan(sweep_id))
            before, open_cases = self.state(sweep_id), (~frame["state"].isin(dataset.ENDED)).any()
            if open_cases:
                self._write_state(folder, replace(before, state=RUNNING, reason="", resumed=time.time(), ended=0.0))

    def cancel(self, sweep_id: str, queue: JobQueue) -> str:
        """Stop a sweep: nothing more is queued, its waiting cases leave the queue, running ones are stopped.

        What has been solved stays; `resume` goes on from there.
        """
        folder = self.path(sweep_id)
        with self._locked(folder):
            state, frame = self.state(sweep_id), self.cases(sweep_id)
            if state.state != RUNNING:
                return f"Nothing to cancel: the sweep is {state.state}."
            outstanding = frame["state"] == dataset.QUEUED
            for job_id in frame.loc[outstanding, "job_id"].unique():
                with contextlib.suppress(InputError):  # it has left the queue
                    queue.cancel(str(job_id), OWNER + sweep_id)
            # One that ends before it can be stopped is found again by its run: it is not solved twice.
            frame.loc[outstanding, ["state", "job_id"]] = [dataset.PENDING, ""]
            self._write_cases(folder, frame, self.plan(sweep_id))
            self._write_state(folder, replace(state, state=CANCELLED, ended=time.time()))
            ended = int(frame["state"].isin(dataset.ENDED).sum())
            return f"Cancelled: {ended} of {len(frame)} cases have ended and stay; resume goes on with the rest."

    def state(self, sweep_id: str) -> State:
        """Where it stands."""
        return State(**_json(self.path(sweep_id) / STATE))

    def plan(self, sweep_id: str) -> Plan:
        """What was asked; raises `InputError` where its files have changed since."""
        return Plan.from_json(_json(self.path(sweep_id) / SPEC))

    def asked(self, sweep_id: str) -> dict[str, Any]:
        """What was asked, as stored: `sweep` and `base`, unchecked."""
        return _json(self.path(sweep_id) / SPEC)

    def cases(self, sweep_id: str) -> pd.DataFrame:
        """The dataset."""
        return dataset.read(self.path(sweep_id) / CASES)

    def status(self, sweep_id: str) -> Status:
        """The sweep at a glance."""
        asked, frame = self.asked(sweep_id), self.cases(sweep_id)
        sweep = asked["sweep"]
        counts = {str(state): int(number) for state, number in frame["state"].value_counts().items()}
        return Status(
            sweep_id, sweep["name"], sweep.get("description", ""), sweep["design"],
            str(asked["base"]["scenario"]["name"]), self.state(sweep_id), counts, float(frame["seconds"].sum()),
        )  # fmt: skip

    def delete(self, sweep_id: str, queue: JobQueue) -> None:
        """Remove a sweep; its runs stay in the store."""
        self.cancel(sweep_id, queue)
        folder = self.path(sweep_id)
        (folder / STATE).unlink()
        shutil.rmtree(folder)

    @contextlib.contextmanager
    def changing(self, sweep_id: str) -> Iterator[tuple[pd.DataFrame, State]]:
        """The dataset and state under the sweep's lock; write them with `save`."""
        folder = self.path(sweep_id)
        with self._locked(folder):
            yield self.cases(sweep_id), self.state(sweep_id)

    def save(self, plan: Plan, frame: pd.DataFrame | None = None, state: State | None = None) -> None:
        """Write what `changing` handed out."""
        folder = self.root / plan.sweep_id
        if frame is not None:
            self._write_cases(folder, frame, plan)
        if state is not None:
            self._write_state(folder, state)

    def fail(self, sweep_id: str, reason: str) -> None:
        """Give a sweep up that cannot go on."""
        with self._locked(self.path(sweep_id)):
            self._write_state(
                self.path(sweep_id), replace(self.state(sweep_id), state=FAILED, reason=reason, ended=time.time())
            )

    @staticmethod
    def _write_cases(folder: Path, frame: pd.DataFrame, plan: Plan) -> None:
        named = dataset.columns(plan.places, plan.base.scenario.model_dump())
        dataset.write(folder / CASES, frame, named)

    @staticmethod
    def _write_state(folder: Path, state: State) -> None:
        write_whole(folder / STATE, json.dumps(asdict(state)).encode())

    @staticmethod
    @contextlib.contextmanager
    def _locked(folder: Path) -> Iterator[None]:
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _json(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_bytes())
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"sweep {file.parent.name}: {file.name} is damaged ({error}); launch it again.") from None
    return content
