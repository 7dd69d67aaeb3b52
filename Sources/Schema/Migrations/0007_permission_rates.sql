-- A policy may ask how often an agent did something in the last hour: it is counted in the unit of work of each such
-- request, from this index alone.
CREATE INDEX permission_rate ON permission (workspace, agent, action, mode, id);
