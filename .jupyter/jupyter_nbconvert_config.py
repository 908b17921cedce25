# Copied into the environment by `make`, so that nbconvert there leaves the same bytes on any Python: no times, no version, no controls.
def without_widgets(cell, **_):
    """Leave each output's static twin: a control without its kernel shows nothing but an error."""
    for output in cell.get("outputs", ()):
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def without_version(notebook, resources):
    """Leave what JupyterLab writes of the language, but not the version of Python, which differs between machines."""
    notebook.metadata.get("language_info", {}).pop("version", None)
    return notebook, resources


c = get_config()  # noqa: F821
c.ExecutePreprocessor.record_timing = False
c.ExecutePreprocessor.store_widget_state = False
c.ExecutePreprocessor.on_cell_executed = without_widgets
c.Exporter.preprocessors = [without_version]
