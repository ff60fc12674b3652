"""PDF without TeX: the handbook of all results and slides of chosen ones, typeset by Typst.

Everything is built from the checked derivations and their verification. Equal input gives equal bytes: no date, and no
font but those that Typst carries.
"""

from gainderive.render.typst._handbook import handbook, section
from gainderive.render.typst._slides import notes, pages, pdfpc, slides

__all__ = ["handbook", "notes", "pages", "pdfpc", "section", "slides"]
