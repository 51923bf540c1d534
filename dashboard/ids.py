"""Every id that a callback uses, in one place, named by page.

An id is `page-thing`; a pattern-matching id is a function that returns the dict.
"""

from __future__ import annotations

from typing import ClassVar


class FormIds:
    """A form's fields by their places; the editor's, or another form's."""

    FORM_KIND: ClassVar[str]

    @classmethod
    def field(cls, path: str) -> dict[str, str]:
        """Input of a field."""
        return {"type": f"{cls.FORM_KIND}-field", "path": path}

    @classmethod
    def note(cls, path: str) -> dict[str, str]:
        """Below a field: base value, how it is read, what is wrong."""
        return {"type": f"{cls.FORM_KIND}-note", "path": path}

    @classmethod
    def reset(cls, path: str) -> dict[str, str]:
        """Gives a field or a part back what it started from, where the form offers that."""
        return {"type": f"{cls.FORM_KIND}-reset", "path": path}


class Shell:
    """The frame around every page."""

    PAGE = "shell-page"
    RAIL = "shell-rail"
    QUEUE = "shell-queue"
    QUEUE_TICK = "shell-queue-tick"
    SHARE = "shell-share"
    THEME = "shell-theme"
    THEME_STORE = "shell-theme-store"
    TEMPLATES = "shell-templates"
    HELP = "shell-help"
    HELP_PANEL = "shell-help-panel"
    HELP_BODY = "shell-help-body"
    TOUR = "shell-tour"


class Run:
    """The result of one run."""

    RUN_ID = "run-id"
    ADDRESS = "run-address"
    YEAR = "run-year"
    FIGURES = "run-figures"
    FIGURES_YEAR = "run-figures-year"
    WEEK = "run-week"
    WEEK_WORDS = "run-week-words"
    JUMPS = "run-jumps"
    DISPATCH = "run-dispatch"
    QUANTITY = "run-quantity"
    MAP = "run-map"
    DURATION = "run-duration"
    FLEXIBILITY = "run-flexibility"
    CUTS = "run-cuts"
    COST_GROUP = "run-cost-group"
    COSTS = "run-costs"
    GO = "run-go"
    SAID = "run-said"
    EARLIER_GRID = "run-earlier-grid"
    EARLIER_SAID = "run-earlier-said"

    @staticmethod
    def remedy(limit: str) -> dict[str, str]:
        """Button that makes the scenario in which a limit gives way; `least`: that of the least change."""
        return {"type": "run-remedy", "limit": limit}

    @staticmethod
    def jump(week: int | str) -> dict[str, int | str]:
        """Button that goes to a week worth a look."""
        return {"type": "run-jump", "week": week}


class Compare:
    """Runs side by side."""

    STATE = "compare-state"
    ADDRESS = "compare-address"
    CHIPS = "compare-chips"
    YEAR = "compare-year"
    WEEK = "compare-week"
    WEEK_WORDS = "compare-week-words"
    DISPATCH = "compare-dispatch"
    QUANTITY = "compare-quantity"
    MAPS = "compare-maps"


class Library:
    """Scenarios as cards."""

    GRID = "library-grid"
    FILTER = "library-filter"
    IMPORT = "library-import"
    MESSAGE = "library-message"
    TICK = "library-tick"
    SHOWN = "library-shown"
    TAG = "library-tag"
    SORT = "library-sort"
    ADDRESS = "library-address"
    CHANGED = "library-changed"
    CHOSEN = "library-chosen"
    CHOSEN_WORDS = "library-chosen-words"
    CHOOSE_SHOWN = "library-choose-shown"
    CHOOSE_NONE = "library-choose-none"
    COMPARE_LINK = "library-compare-link"
    QUEUE = "library-queue"
    DUPLICATE = "library-duplicate"
    EXPORT = "library-export"
    DELETE_OPEN = "library-delete-open"
    TAG_OPEN = "library-tag-open"
    TAG_DIALOG = "library-tag-dialog"
    TAG_WORDS = "library-tag-words"
    TAG_ADD = "library-tag-add"
    TAG_KNOWN = "library-tag-known"
    TAG_REMOVE = "library-tag-remove"
    TAG_SAVE = "library-tag-save"
    TAG_PROBLEM = "library-tag-problem"
    COMPARE = "library-compare"
    REQUEST = "library-request"
    STATUS = "library-status"
    JOB = "library-job"
    CANCEL = "library-cancel"
    SAID = "library-said"
    DOWNLOAD = "library-download"
    RENAME = "library-rename"
    RENAME_KEY = "library-rename-key"
    RENAME_NAME = "library-rename-name"
    RENAME_PROBLEM = "library-rename-problem"
    RENAME_SAVE = "library-rename-save"
    DELETE = "library-delete"
    DELETE_KEY = "library-delete-key"
    DELETE_WORDS = "library-delete-words"
    DELETE_YES = "library-delete-yes"
    DELETE_NO = "library-delete-no"

    @staticmethod
    def card(key: str) -> dict[str, str]:
        """What of a card follows its runs."""
        return {"type": "library-card", "key": key}

    @staticmethod
    def do(what: str, key: str) -> dict[str, str]:
        """An action of a card: edit, duplicate, rename, export, delete."""
        return {"type": "library-do", "do": what, "key": key}

    @staticmethod
    def solve(key: str) -> dict[str, str]:
        """Solve button of a card."""
        return {"type": "library-solve", "key": key}

    @staticmethod
    def select(key: str, run: str) -> dict[str, str]:
        """Tick of a card, with its latest run, if any; two scenarios can share a run."""
        return {"type": "library-select", "key": key, "run": run}


class Equipment:
    """The equipment catalogue."""

    ADDRESS = "equipment-address"
    FILTER = "equipment-filter"
    KIND = "equipment-kind"
    GAS = "equipment-gas"
    FACTOR = "equipment-factor"
    LISTS = "equipment-lists"
    CURVE = "equipment-curve"
    RANKING = "equipment-ranking"
    SIDE_BY_SIDE = "equipment-side-by-side"
    CHOSEN = "equipment-chosen"
    MESSAGE = "equipment-message"
    GO = "equipment-go"
    ADD = "equipment-add"
    ADD_KEY = "equipment-add-key"
    ADD_WORDS = "equipment-add-words"
    ADD_SCENARIO = "equipment-add-scenario"
    ADD_PROBLEM = "equipment-add-problem"
    ADD_YES = "equipment-add-yes"
    DELETE = "equipment-delete"
    DELETE_KEY = "equipment-delete-key"
    DELETE_WORDS = "equipment-delete-words"
    DELETE_YES = "equipment-delete-yes"
    DELETE_NO = "equipment-delete-no"

    @staticmethod
    def pick(key: str) -> dict[str, str]:
        """Tick of an entry that is drawn and compared."""
        return {"type": "equipment-pick", "key": key}

    @staticmethod
    def cost(key: str) -> dict[str, str]:
        """Cost of energy of an entry, at the chosen gas price and capacity factor."""
        return {"type": "equipment-cost", "key": key}

    @staticmethod
    def do(what: str, key: str) -> dict[str, str]:
        """An action of an entry: add, copy, delete."""
        return {"type": "equipment-do", "do": what, "key": key}


class EquipmentEntry(FormIds):
    """One entry of the catalogue; an own one as a form."""

    FORM_KIND = "equipment"

    KEY = "equipment-entry-key"
    BASES = "equipment-entry-bases"
    FORM = "equipment-entry-form"
    TITLE = "equipment-entry-title"
    STATE = "equipment-entry-state"
    SAVE = "equipment-entry-save"
    PROBLEMS = "equipment-entry-problems"
    FIGURES = "equipment-entry-figures"
    SCREENING = "equipment-entry-screening"


class Runs:
    """The queue everybody sees."""

    LIST = "runs-list"
    FILTER = "runs-filter"
    STATE = "runs-state"
    TAG = "runs-tag"
    SORT = "runs-sort"
    GROUP = "runs-group"
    PAGE = "runs-page"
    PREVIOUS = "runs-previous"
    NEXT = "runs-next"
    COUNT = "runs-count"
    ADDRESS = "runs-address"
    CHANGED = "runs-changed"
    CHOSEN = "runs-chosen"
    CHOSEN_WORDS = "runs-chosen-words"
    CHOOSE_SHOWN = "runs-choose-shown"
    CHOOSE_NONE = "runs-choose-none"
    COMPARE_LINK = "runs-compare-link"
    TAG_OPEN = "runs-tag-open"
    TAG_DIALOG = "runs-tag-dialog"
    TAG_WORDS = "runs-tag-words"
    TAG_ADD = "runs-tag-add"
    TAG_KNOWN = "runs-tag-known"
    TAG_REMOVE = "runs-tag-remove"
    TAG_SAVE = "runs-tag-save"
    TAG_PROBLEM = "runs-tag-problem"
    DELETE_OPEN = "runs-delete-open"
    DELETE = "runs-delete"
    DELETE_WORDS = "runs-delete-words"
    DELETE_YES = "runs-delete-yes"
    DELETE_NO = "runs-delete-no"
    DAMAGED = "runs-damaged"
    WORKER = "runs-worker"
    TICK = "runs-tick"
    SHOWN = "runs-shown"
    MESSAGE = "runs-message"
    COMPARE = "runs-compare"

    @staticmethod
    def live(job: str) -> dict[str, str]:
        """What of a row follows its job."""
        return {"type": "runs-live", "job": job}

    @staticmethod
    def actions(job: str) -> dict[str, str]:
        """Buttons of a row."""
        return {"type": "runs-actions", "job": job}

    @staticmethod
    def do(what: str, job: str) -> dict[str, str]:
        """An action of a row: cancel, retry."""
        return {"type": "runs-do", "do": what, "job": job}

    @staticmethod
    def select(job: str, run: str) -> dict[str, str]:
        """Tick of a row whose run can be compared; two jobs can share a run."""
        return {"type": "runs-select", "job": job, "run": run}


class Editor(FormIds):
    """The form of one scenario."""

    FORM_KIND = "editor"

    PAGE = "editor-page"
    TITLE = "editor-title"
    DRAFTS = "editor-drafts"
    BASES = "editor-bases"
    SHOWN = "editor-shown"
    FORM = "editor-form"
    NAV = "editor-nav"
    SUMMARY = "editor-summary"
    STATE = "editor-state"
    UNDO = "editor-undo"
    REDO = "editor-redo"
    DISCARD = "editor-discard"
    ADD = "editor-add"
    ADD_CHOICE = "editor-add-choice"
    SAVE = "editor-save"
    SAVE_AS = "editor-save-as"
    SOLVE = "editor-solve"
    GO = "editor-go"
    MESSAGE = "editor-message"
    NAME_DIALOG = "editor-name-dialog"
    NAME = "editor-name"
    NAME_PROBLEM = "editor-name-problem"
    NAME_SAVE = "editor-name-save"
    NAME_SOLVE = "editor-name-solve"
    REQUEST = "editor-request"
    STATUS = "editor-status"
    JOB = "editor-job"
    CANCEL = "editor-cancel"
    SAID = "editor-said"

    @staticmethod
    def technology(what: str, key: str) -> dict[str, str]:
        """Copy or remove a technology."""
        return {"type": "editor-technology", "do": what, "key": key}

    @staticmethod
    def upload(path: str) -> dict[str, str]:
        """File picker of a field."""
        return {"type": "editor-upload", "path": path}

    @staticmethod
    def upload_result(path: str) -> dict[str, str]:
        """What the check of an uploaded file says."""
        return {"type": "editor-upload-result", "path": path}

    @staticmethod
    def column(path: str) -> dict[str, str]:
        """Choice of a file's column."""
        return {"type": "editor-column", "path": path}


class Load:
    """The load composer; its fields, buttons and stores of a draft are the editor's."""

    SCENARIO = "load-scenario"
    TAB = "load-tab"
    BODY = "load-body"
    ADDRESS = "load-address"
    YEAR = "load-year"
    WEEK = "load-week"
    WEEK_WORDS = "load-week-words"
    ANSWERED = "load-answered"
    STATS = "load-stats"
    SUM = "load-sum"
    COOLING = "load-cooling"
    POTENTIAL_WORDS = "load-potential-words"
    ECONOMICS = "load-economics"
    WORKLOAD_NAME = "load-workload-name"
    USES = "load-uses"
    DURATION = "load-duration"
    PATH = "load-path"
    MIX_WEEK = "load-mix-week"
    MIX_BARS = "load-mix-bars"
    COOLING_WEEK = "load-cooling-week"
    COOLING_HOLD = "load-cooling-hold"
    FLEX_WEEK = "load-flex-week"
    POTENTIAL = "load-potential"
    DEMAND_FILE = "load-demand-file"
    DEMAND = "load-demand"
    DEMAND_WORDS = "load-demand-words"
    SHARE = "load-share"
    SHARE_WORDS = "load-share-words"
    HALF_YEARS = "load-half-years"
    HEADROOM = "load-headroom"
    HEADROOM_CHART = "load-headroom-chart"

    @staticmethod
    def do(what: str, key: str = "") -> dict[str, str]:
        """A button that changes more than one field."""
        return {"type": "load-do", "do": what, "key": key}


class Frontier:
    """What one objective costs in terms of another."""

    STUDY = "frontier-study"
    STATE = "frontier-state"
    ADDRESS = "frontier-address"
    SCENARIOS = "frontier-scenarios"
    FIRST = "frontier-first"
    SECOND = "frontier-second"
    THIRD = "frontier-third"
    POINTS = "frontier-points"
    FIND = "frontier-find"
    EXPECTED = "frontier-expected"
    GO = "frontier-go"
    MESSAGE = "frontier-message"
    EARLIER = "frontier-earlier"
    TICK = "frontier-tick"
    SEEN = "frontier-seen"
    PROGRESS = "frontier-progress"
    CANCEL = "frontier-cancel"
    AGAIN = "frontier-again"
    WORDS = "frontier-words"
    FRONT = "frontier-front"
    PARALLEL = "frontier-parallel"
    SELECTED = "frontier-selected"
    SHOW_ALL = "frontier-show-all"
    PLAN = "frontier-plan"
    PLAN_CHARTS = "frontier-plan-charts"
    PINNED = "frontier-pinned"
    TABLE = "frontier-table"
    SOLVED = "frontier-solved"

    @staticmethod
    def do(what: str, point: str) -> dict[str, str]:
        """An action on a point: open, pin, unpin, solve; show and drop are open and unpin from the table of pins."""
        return {"type": "frontier-do", "do": what, "point": point}

    @staticmethod
    def delete(study: str) -> dict[str, str]:
        """Deletes an earlier frontier."""
        return {"type": "frontier-delete", "study": study}


class Futures:
    """What would change the choice: regret, alternatives, break-even."""

    GO = "futures-go"
    MESSAGE = "futures-message"
    KEPT = "futures-kept"
    # The futures of a regret.
    ROWS = "futures-rows"
    ADD = "futures-add"
    USUAL = "futures-usual"
    HOURS = "futures-hours"
    OPTIMA = "futures-optima"
    ASK_REGRET = "futures-ask-regret"
    # Alternatives and break-even ask of a scenario.
    SCENARIO = "futures-scenario"
    WITHIN = "futures-within"
    STEPS = "futures-steps"
    ASK_ALTERNATIVES = "futures-ask-alternatives"
    PLACE = "futures-place"
    LOW = "futures-low"
    HIGH = "futures-high"
    POINTS = "futures-points"
    CONFIRM = "futures-confirm"
    ASK_BREAK_EVEN = "futures-ask-break-even"
    # The study in view.
    STUDY = "futures-study"
    TICK = "futures-tick"
    FOLLOW = "futures-follow"
    CANCEL = "futures-cancel"
    RESULT = "futures-result"
    SEEN = "futures-seen"

    @staticmethod
    def row(field: str, number: int) -> dict[str, str | int]:
        """A field of a row of the futures: name, place, value, weight."""
        return {"type": f"futures-{field}", "row": number}

    @staticmethod
    def drop(number: int) -> dict[str, str | int]:
        """Takes a row away."""
        return {"type": "futures-drop", "row": number}


class Attribution:
    """The difference of two runs by input, on the comparison."""

    ASK = "attribution-ask"
    OTHER = "attribution-other"
    MESSAGE = "attribution-message"
    STUDY = "attribution-study"
    TICK = "attribution-tick"
    FOLLOW = "attribution-follow"
    CANCEL = "attribution-cancel"
    RESULT = "attribution-result"
    SEEN = "attribution-seen"


class Live:
    """The live page; assets/live.js fills these places."""

    ROOT = "live-root"
    READY = "live-ready"
    SAID = "live-said"
    STATS = "live-stats"
    PINNED = "live-pinned"
    CAPACITY = "live-capacity"
    COSTS = "live-costs"
    LIMITS = "live-limits"
    FRONT = "live-front"
    FRONT_CARD = "live-front-card"
    FRONT_NOTE = "live-front-note"


# Where Dash keeps the address; pages read it as State, the router and the rail as Input. And where it puts the page.
LOCATION = "_pages_location"
CONTENT = "_pages_content"


class Sweeps:
    """All sweeps."""

    LIST = "sweeps-list"
    TICK = "sweeps-tick"
    MESSAGE = "sweeps-message"


class SweepNew(FormIds):
    """A sweep before its launch: as a form and as text."""

    FORM_KIND = "sweep"

    FORM = "sweep-new-form"
    TEXT = "sweep-new-text"
    INPUT = "sweep-new-input"
    UPLOAD = "sweep-new-upload"
    DOWNLOAD = "sweep-new-download"
    DOWNLOADED = "sweep-new-downloaded"
    CHECK = "sweep-new-check"
    STATE = "sweep-new-state"
    UNDO = "sweep-new-undo"
    REDO = "sweep-new-redo"
    DISCARD = "sweep-new-discard"
    LAUNCH = "sweep-new-launch"
    MESSAGE = "sweep-new-message"
    GO = "sweep-new-go"
    PAGE = "sweep-new-page"
    DRAFTS = "sweep-new-drafts"

    @staticmethod
    def remove(place: str) -> dict[str, str]:
        """Takes an input out."""
        return {"type": "sweep-remove", "path": place}


class Sweep:
    """One sweep."""

    SWEEP_ID = "sweep-id"
    ADDRESS = "sweep-address"
    TICK = "sweep-tick"
    SHOWN = "sweep-shown"
    PROGRESS = "sweep-progress"
    CANCEL = "sweep-cancel"
    RESUME = "sweep-resume"
    RETRY = "sweep-retry"
    RETRY_WORDS = "sweep-retry-words"
    MESSAGE = "sweep-message"
    FIGURE = "sweep-figure"
    X = "sweep-x"
    Y = "sweep-y"
    ACROSS = "sweep-across"
    UP = "sweep-up"
    INDICES = "sweep-indices"
    MIXES = "sweep-mixes"
    HEAT = "sweep-heat"
    SCATTER = "sweep-scatter"
    PARALLEL = "sweep-parallel"
    TABLE = "sweep-table"
    WITHOUT = "sweep-without"
    CASE = "sweep-case"
    CLOSE = "sweep-close"
    CHOSEN = "sweep-chosen"
    KEEP = "sweep-keep"
    KEPT = "sweep-kept"
