"""Parts of pages that know what a run is."""
