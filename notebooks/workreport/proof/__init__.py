"""Proof of the tables: schema, ledger, second reading, relations and the text; imported by no notebook."""
