# Copied into the environment by `make`, so that nbconvert there leaves the same bytes on any Python: no times, no version.
c = get_config()  # noqa: F821
c.ExecutePreprocessor.record_timing = False
c.ClearMetadataPreprocessor.enabled = True
c.ClearMetadataPreprocessor.clear_cell_metadata = False
c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {"kernelspec", ("language_info", "name")}
