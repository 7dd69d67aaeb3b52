// A condition that may be absent leads to no index, so each way has statements of its own. In all of them the parameters
// are: $1 workspace, $2 record, $3 agent, $4 person, $5 action, $6 and $7 the first and
// the last time; those that are empty do not count; $8 and $9 the sequence numbers between which the entries are. The
// plus keeps SQLite from preferring the log to the index over agents, because two bounds look narrow to it.
extension AuditSearch.Way {
    /// The entries that match, the newest first: $10 of them, after the first $11.
    var entries: StaticString {
        switch self {
        case .agent:
            """
            SELECT sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
            FROM audit_entry
            WHERE workspace = $1 AND ($2 = '' OR record = $2) AND agent = $3 AND agent <> ''
                AND ($4 = '' OR EXISTS (
                    SELECT 1 FROM audit_person
                    WHERE workspace = $1 AND number = substr(audit_entry.personal, 1, 8) AND person = $4))
                AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND +sequence > $8 AND sequence < $9
            ORDER BY sequence DESC LIMIT $10 OFFSET $11
            """
        case .ranges:
            """
            SELECT sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
            FROM audit_entry
            WHERE workspace = $1 AND ($2 = '' OR record = $2) AND ($3 = '' OR agent = $3)
                AND ($4 = '' OR EXISTS (
                    SELECT 1 FROM audit_person
                    WHERE workspace = $1 AND number = substr(audit_entry.personal, 1, 8) AND person = $4))
                AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence > $8 AND sequence < $9
            ORDER BY sequence DESC LIMIT $10 OFFSET $11
            """
        }
    }

    /// How many match, by action, of the newest $10.
    var counts: StaticString {
        switch self {
        case .agent:
            """
            SELECT action, COUNT(*) FROM (
                SELECT action FROM audit_entry
                WHERE workspace = $1 AND ($2 = '' OR record = $2) AND agent = $3 AND agent <> ''
                    AND ($4 = '' OR EXISTS (
                    SELECT 1 FROM audit_person
                    WHERE workspace = $1 AND number = substr(audit_entry.personal, 1, 8) AND person = $4))
                    AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND +sequence > $8 AND sequence < $9
                ORDER BY sequence DESC LIMIT $10) AS matching
            GROUP BY action ORDER BY action
            """
        case .ranges:
            """
            SELECT action, COUNT(*) FROM (
                SELECT action FROM audit_entry
                WHERE workspace = $1 AND ($2 = '' OR record = $2) AND ($3 = '' OR agent = $3)
                    AND ($4 = '' OR EXISTS (
                    SELECT 1 FROM audit_person
                    WHERE workspace = $1 AND number = substr(audit_entry.personal, 1, 8) AND person = $4))
                    AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence > $8 AND sequence < $9
                ORDER BY sequence DESC LIMIT $10) AS matching
            GROUP BY action ORDER BY action
            """
        }
    }
}
