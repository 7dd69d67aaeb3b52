// A condition that may be absent leads to no index, so each index has statements of its own. In all of them the parameters
// are: $1 workspace, $2 record, $3 agent, $4 the id of the person's key, $5 action, $6 and $7 the first and the last time,
// $8 the sequence number to stay in front of; those that are empty do not count.
extension AuditSearch.Index {
    /// The entries that match, the newest first: $9 of them, after the first $10.
    var entries: StaticString {
        switch self {
        case .record:
            """
            SELECT sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
            FROM audit_entry
            WHERE workspace = $1 AND record = $2 AND ($3 = '' OR agent = $3)
                AND (length($4) = 0 OR substr(personal, 1, 8) = $4)
                AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
            ORDER BY sequence DESC LIMIT $9 OFFSET $10
            """
        case .person:
            """
            SELECT sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
            FROM audit_entry
            WHERE workspace = $1 AND ($2 = '' OR record = $2) AND ($3 = '' OR agent = $3)
                AND personal IS NOT NULL AND substr(personal, 1, 8) = $4
                AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
            ORDER BY sequence DESC LIMIT $9 OFFSET $10
            """
        case .agent:
            """
            SELECT sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
            FROM audit_entry
            WHERE workspace = $1 AND ($2 = '' OR record = $2) AND agent = $3 AND agent <> ''
                AND (length($4) = 0 OR substr(personal, 1, 8) = $4)
                AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
            ORDER BY sequence DESC LIMIT $9 OFFSET $10
            """
        case .all:
            """
            SELECT sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
            FROM audit_entry
            WHERE workspace = $1 AND ($2 = '' OR record = $2) AND ($3 = '' OR agent = $3)
                AND (length($4) = 0 OR substr(personal, 1, 8) = $4)
                AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
            ORDER BY sequence DESC LIMIT $9 OFFSET $10
            """
        }
    }

    /// How many match, by action, of the newest $9.
    var counts: StaticString {
        switch self {
        case .record:
            """
            SELECT action, COUNT(*) FROM (
                SELECT action FROM audit_entry
                WHERE workspace = $1 AND record = $2 AND ($3 = '' OR agent = $3)
                    AND (length($4) = 0 OR substr(personal, 1, 8) = $4)
                    AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
                ORDER BY sequence DESC LIMIT $9) AS matching
            GROUP BY action ORDER BY action
            """
        case .person:
            """
            SELECT action, COUNT(*) FROM (
                SELECT action FROM audit_entry
                WHERE workspace = $1 AND ($2 = '' OR record = $2) AND ($3 = '' OR agent = $3)
                    AND personal IS NOT NULL AND substr(personal, 1, 8) = $4
                    AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
                ORDER BY sequence DESC LIMIT $9) AS matching
            GROUP BY action ORDER BY action
            """
        case .agent:
            """
            SELECT action, COUNT(*) FROM (
                SELECT action FROM audit_entry
                WHERE workspace = $1 AND ($2 = '' OR record = $2) AND agent = $3 AND agent <> ''
                    AND (length($4) = 0 OR substr(personal, 1, 8) = $4)
                    AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
                ORDER BY sequence DESC LIMIT $9) AS matching
            GROUP BY action ORDER BY action
            """
        case .all:
            """
            SELECT action, COUNT(*) FROM (
                SELECT action FROM audit_entry
                WHERE workspace = $1 AND ($2 = '' OR record = $2) AND ($3 = '' OR agent = $3)
                    AND (length($4) = 0 OR substr(personal, 1, 8) = $4)
                    AND ($5 = '' OR action = $5) AND time >= $6 AND time <= $7 AND sequence < $8
                ORDER BY sequence DESC LIMIT $9) AS matching
            GROUP BY action ORDER BY action
            """
        }
    }
}
