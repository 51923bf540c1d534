"""A job as people see it: state in words, a bar, the gap falling, who waits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from dashboard.components.icons import icon
from dashboard.formatting import THIN, percent, plural, usd
from engine.job import Job, JobState

# What a state is called, its tone and its icon. An infeasible plan is an answer, not a failure.
_LOOKS = {
    JobState.WAITING: ("Waiting", "plain", "clock"),
    JobState.RUNNING: ("Running", "live", "play"),
    JobState.DONE: ("Done", "good", "check"),
    JobState.FAILED: ("Failed", "bad", "warning"),
    JobState.CANCELLED: ("Cancelled", "plain", "close"),
}
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
# The line of the gap spans 100 % to 0.1 % on a logarithmic scale.
_GAP_DECADES = 3.0


def badge(word: str, tone: str, sign: str) -> html.Span:
    """A state: icon and word, so that colour never says it alone."""
    return html.Span([icon(sign), word], className=f"mark mark-{tone}")


def job_badge(job: Job) -> html.Span:
    """State of a job."""
    if job.cancelling and job.state.live:
        return badge("Stopping", "plain", "close")
    if job.state is JobState.DONE and job.outcome == "infeasible":
        return badge("Infeasible", "warn", "warning")
    return badge(*_LOOKS[job.state])


def bar(job: Job) -> html.Div:
    """Progress of the whole solve."""
    percent_done = 100 if job.state is JobState.DONE else max(0, min(100, round(100 * job.progress_frac)))
    moving = " moving" if job.state is JobState.RUNNING and percent_done < 3 else ""
    return html.Div(
        html.Div(style={"width": f"{percent_done}%"}),
        className=f"bar {job.state.value}{moving}",
        role="progressbar",
        **{"aria-valuenow": str(percent_done), "aria-valuemin": "0", "aria-valuemax": "100", "aria-label": job.name},
    )


def happening(job: Job) -> str:
    """What a job is doing, in one line."""
    if job.state is JobState.WAITING:
        return "Waits for a free solver" if job.attempts == 0 else "Waits again: its worker vanished"
    if job.state is JobState.DONE and job.outcome == "infeasible":
        return "No plan can meet every limit of this scenario"
    if job.state is JobState.FAILED:
        return job.reason.strip().split("\n")[0] or "No reason was given"
    return job.message or job.phase


def gap_words(job: Job) -> str:
    """Gap and bound, as far as they are known; nothing where there is no plan that they could be of."""
    if job.outcome == "infeasible":
        return ""
    words = [] if job.mip_gap_frac is None else [gap_text(job.mip_gap_frac)]
    if job.bound_usd is not None:
        words.append(f"bound {usd(job.bound_usd, 4)}")
    return ", ".join(words)


def gap_text(gap_frac: float) -> str:
    """`gap 3.2 %`; below a ten-thousandth of a percent there is none left to speak of."""
    return f"gap {percent(gap_frac)}" if gap_frac >= 1e-6 else "no gap left"


def gap_line(trace: Sequence[tuple[float, float]]) -> html.Span | None:
    """The gap falling over time as a tiny line, drawn in the colour of the text; None before two points."""
    points = [(seconds, gap) for seconds, gap in trace if gap is not None and math.isfinite(gap)]
    if len(points) < 2:
        return None
    coordinates = _step_line(points)
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {SPARK_WIDTH} {SPARK_HEIGHT}'>"
        f"<polyline points='{coordinates}' fill='none' stroke='black' stroke-width='1.5'/></svg>"
    )
    said = f"Gap from {percent(points[0][1])} to {percent(points[-1][1])} in {duration(points[-1][0])}"
    image = f'url("data:image/svg+xml,{quote(svg)}")'
    return html.Span(
        className="spark",
        title=said,
        role="img",
        style={"maskImage": image, "WebkitMaskImage": image},
        **{"aria-label": said},
    )


def _step_line(points: Sequence[tuple[float, float]]) -> str:
    """Coordinates of a step line: a gap holds until the next is known."""
    first, last = points[0][0], max(points[-1][0], points[0][0] + 1e-3)
    xs = [1 + (SPARK_WIDTH - 2) * (seconds - first) / (last - first) for seconds, _ in points]
    ys = [_height(gap) for _, gap in points]
    steps = [f"{xs[0]:.1f},{ys[0]:.1f}"]
    for x, before, y in zip(xs[1:], ys, ys[1:], strict=False):
        steps += [f"{x:.1f},{before:.1f}", f"{x:.1f},{y:.1f}"]
    return " ".join(steps)


def _height(gap: float) -> float:
    decades = -math.log10(min(1.0, max(gap, 10**-_GAP_DECADES)))
    return 2 + (SPARK_HEIGHT - 4) * decades / _GAP_DECADES


def duration(seconds: float) -> str:
    """`8 s`, `1 min 05 s`, `2 h 10 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}{THIN}s"
    if whole < 3600:
        return f"{whole // 60}{THIN}min {whole % 60:02d}{THIN}s"
    return f"{whole // 3600}{THIN}h {whole % 3600 // 60:02d}{THIN}min"


def elapsed(job: Job, now: float) -> str:
    """How long a job ran, or has waited."""
    if job.started is None:
        return duration(now - job.created) if job.state.live else ""
    return duration((job.finished or now) - job.started)


def who_waits(job: Job, owner: str) -> str:
    """You, you and n others, n others; nobody once it has ended."""
    if not job.state.live:
        return ""
    others = len(set(job.owners) - {owner})
    if owner in job.owners:
        return f"You and {plural(others, 'other')}" if others else "You"
    return plural(others, "other") if others else "Nobody"


def mirror(job: Job) -> html.Div:
    """What the area beside a Solve button shows of the job it started."""
    words = [part for part in (happening(job), gap_words(job)) if part]
    return html.Div(
        [
            html.Div([job_badge(job), html.Strong(job.name)], className="mirror-head"),
            bar(job) if job.state.live else None,
            html.Div(" · ".join(words), className="muted small mirror-words"),
        ],
        className="mirror",
        **{"data-job": job.job_id, "data-state": job.state.value},
    )
