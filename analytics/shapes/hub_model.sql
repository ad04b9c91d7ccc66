-- Columns that the Hub gives of a model, in its list and in the model's details.
model_id, day_on, created_at, downloads as downloads_30d, downloads_all_time, gated, licence, parameters,
pipeline, base_models
