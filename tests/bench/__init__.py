"""`make bench`: how fast pages are, beside a bare Flask view in the same run. Speed is shown here, never asserted in a test."""
