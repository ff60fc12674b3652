"""The site's configuration; `gainderive build` runs Sphinx with it over these pages and those that it generates."""

from gainderive import __version__

project = "gainderive"
author = "gainderive contributors"
copyright = "gainderive contributors"
version = release = __version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "gainderive.render.sphinx",
]
exclude_patterns = ["records"]

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
myst_dmath_allow_digits = False
myst_dmath_double_inline = True
suppress_warnings = ["myst.header"]

html_math_renderer = "gainderive"
html_theme = "furo"
html_title = "gainderive"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["katex/katex.min.css", "gainderive.css"]
html_js_files = ["gainderive.js"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
# Summaries are fetched, which a browser refuses for a page that was opened from a file.
html_show_search_summary = False
html_permalinks_icon = "#"
html_theme_options = {"navigation_with_keys": True}

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
# Code is copied; what it printed is not.
copybutton_selector = ":not(.notebook-output) > div > div.highlight > pre"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_use_rtype = False
python_use_unqualified_type_names = True
