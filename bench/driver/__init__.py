"""What bench/run is made of: one module a concern (bench/README.md)."""
