"""Chargers through their real integrations, with an emulated device behind them on loopback."""
