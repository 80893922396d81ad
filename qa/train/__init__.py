"""Training, exporting and measuring the reader that ships; needs torch, unlike everything else.

`python -m qa.train` trains, `python -m qa.train.export` writes the file that ships, and
`python -m qa.train.evaluate` scores either on what was held out.
"""
