"""Who may wait for the layout, or be told of it: exceptions, each with its reason."""

from __future__ import annotations

WAITERS = {
    "gui.app": "the network is opened when the first picture has been drawn",
    "gui.tabs.server_form": "what is wrong is said beside a field that has only now been shown",
    "gui.experiment_window": "what is wrong is said beside a field that has only now been shown",
    "gui.demo": "a picture is taken of what has been drawn",
    "gui.theme.screens": "a new window is put into the middle by the size that it asks for",
}
"""Who may wait for the window to be laid out, and why. Never to show a tab: that took for ever."""
TOLD_THEIR_SIZE = {
    "gui.widgets.banner": "says as much as the height of the page allows, which it never changes",
    "gui.widgets.fit": "the one way to adapt to a width",
    "gui.widgets.split": "places its sash; it asks for next to nothing, and so do its panes",
    "gui.widgets.slider": "draws its track again; it asks for next to no width, and one height",
    "gui.widgets.table": "fills its lines again, which changes neither columns nor lines asked for",
    "gui.views.boundaries_view": "draws again, and folds by a height that its parent chose",
    "gui.views.models_view": "draws again, and folds by a height that its parent chose",
    "gui.views.kernel_view": "places its halves, which ask for next to nothing, and draws them",
    "gui.views.row_list": "draws its rows again into a text that asks for one character",
    "gui.views.ladder_view": "draws its rows again on a canvas that asks for ten pixels; leaves its"
    " foot out by its own height, which follows from the page alone",
    "gui.views.comparison_window": "draws its rows again on canvases that ask for ten pixels",
    "gui.tabs.server": "folds by the height of the page, which follows from the window alone",
    "gui.tabs.chat": "shows one client or all by the room of the page, the window's alone",
    "gui.tabs.time": "folds by the room of the page, which follows from the window alone",
    "gui.views.whole_page": "gives a page to a picture by the height of the window alone",
    "gui.tabs.server_panes": "divides by the width of the page, which is the window's alone",
    "gui.tabs.class_address": "writes as large as its text is, which asks for one character",
    "gui.tabs.lessons": "shows text, picture or both by the width of the page, the window's alone",
    "gui.tabs.path_window": "breaks its sentences anew, in a text that asks for one character",
    "gui.widgets.bubble": "takes away a word that is laid over the window",
    "gui.widgets.scrolled": "gives its page the height it needs; its own is its parent's",
    "gui.tools": "lies over the row of the tabs, which never asks what lies there",
    "gui.main_window": "shows the line at the foot by the height that the user chose",
    "gui.projector": "chooses the size of the text by the height that the user chose",
}
"""Who may do something when a size changes, and why it cannot change that size."""
