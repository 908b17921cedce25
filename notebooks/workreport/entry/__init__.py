"""From a text to tables: a draft by rules, its proof sheet, and the way into ``data/``."""
