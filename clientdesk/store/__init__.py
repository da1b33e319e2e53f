"""The firm's database: models, migrations, the engines, queries."""
