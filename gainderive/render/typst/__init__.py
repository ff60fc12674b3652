"""PDF without TeX: the handbook of all results and slides of chosen ones, typeset by Typst.

Everything is built from the checked derivations and their verification. Equal input gives equal bytes: no date, no font
of the system.
"""
