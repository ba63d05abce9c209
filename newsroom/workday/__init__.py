"""The start page of the desk: what is to be done today, what was published, what is read."""
