"""The scenario form: generated from the schema, so that a new field appears without a line here.

`spec` says which fields there are, `values` turns text into values and back, `draft` holds what somebody
changed, `check` lists what is not yet valid.
"""
