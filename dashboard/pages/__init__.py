"""One file a page. A page calls `dash.register_page`; its `layout` works without arguments.

Dash checks every callback's ids against `layout()` called with nothing, so that call returns the page's
skeleton with every id that its callbacks use.
"""
