"""One pure function of DataFrames for each chart; tested without a browser."""
