# Copied into the environment by `make`: a notebook that nbconvert or JupyterLab saves there has the bytes of any other machine, and opens without a kernel.
VIEW = "application/vnd.jupyter.widget-view+json"


def without_widgets(cell, **_):
    """Leave each output's static twin: a control without its kernel shows nothing but an error."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "text/html" in data:
            data.pop(VIEW, None)


def without_version(notebook, resources):
    """Leave what JupyterLab writes of the language, but not the version of Python, which differs between machines."""
    notebook.metadata.get("language_info", {}).pop("version", None)
    return notebook, resources


def saved(model, **_):
    """What JupyterLab writes of a notebook: its static twins."""
    if model["type"] == "notebook":
        for cell in model["content"]["cells"]:
            without_widgets(cell)


c = get_config()  # noqa: F821
c.ContentsManager.pre_save_hook = saved
c.ExecutePreprocessor.record_timing = False
c.ExecutePreprocessor.store_widget_state = False
c.ExecutePreprocessor.on_cell_executed = without_widgets
c.Exporter.preprocessors = [without_version]
