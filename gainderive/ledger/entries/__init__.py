"""One file per claim; the file's existence is its enrolment."""
