"""Dallinger imports the experiment's folder as a package."""
