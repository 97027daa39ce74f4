"""A copy of the whole site that restores: database and uploaded files in a folder, with a manifest that says what must be there.

The search index is never in it: it is made anew from the database. Nor are the settings with the secret, or mail written to files.
"""
