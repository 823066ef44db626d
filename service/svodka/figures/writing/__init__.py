"""How the press of each language writes figures; `svodka.figures.render` chooses among them."""
