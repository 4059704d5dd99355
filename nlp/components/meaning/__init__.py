"""Words that no row knows, read by a trained model.

What belongs here loads or applies the trained model. It never trains one: that is `nlp.training`.
"""
