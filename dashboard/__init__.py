"""The dashboard: pages over the store. It imports dash and plotly, never a solver."""
