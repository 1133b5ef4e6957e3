-- Passwords of the trial installation in compose.yaml. Never run this against a database with real data.
ALTER ROLE yushi_owner PASSWORD 'only-for-trying';
ALTER ROLE yushi_service PASSWORD 'only-for-trying';
ALTER ROLE yushi_worker PASSWORD 'only-for-trying';
ALTER ROLE yushi_read PASSWORD 'only-for-trying';
