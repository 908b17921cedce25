"""Load, check, compare and draw the figures of a Chinese government work report.

Data flows one way: `tables` (what was printed) → `numbers` and `growth` (what follows) →
`prose` and `charts` (how it is said and drawn) → `export` (what leaves the project).
"""
