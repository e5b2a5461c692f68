"""How everything looks: palette, fonts, sizes, drawn pictures; switched and zoomed live."""
