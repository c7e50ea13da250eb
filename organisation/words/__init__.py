"""What an authority calls things, where that is another word than ours.

Texts on pages are written with our own words and go through gettext as ever. `catalogue.txt` holds each text in which
a word stands that an authority may exchange, once more, with marks round the word and what agrees with it;
`speaking` puts the filled texts in the place of gettext's own as long as an authority is spoken for.
"""
