import Testing

@testable import Storage

@Suite("A unit of work")
struct UnitOfWorkTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    private func database() throws -> SQLiteDatabase { try place.open() }

    @Test("commits as a whole and returns what its closure returned")
    func commits() async throws {
        let database = try database()
        let changed = try await database.write { transaction in
            try transaction.addCounter("a", 1)
            try transaction.addCounter("b", 2)
            return try transaction.execute("UPDATE counter SET value = value + $1", [.integer(5)])
        }
        #expect(changed == 2)
        #expect(try await database.read { try $0.value(of: "b") } == 7)
    }

    @Test("leaves nothing behind when its closure throws, and the caller gets that very error")
    func undone() async throws {
        let database = try database()
        await #expect(throws: Refused(reason: "this one")) {
            try await database.write { transaction in
                try transaction.addCounter("a")
                throw Refused(reason: "this one")
            }
        }
        #expect(try await database.read { try $0.counters() } == [])
    }

    @Test("that fails is undone alone; those that share its commit stay")
    func failsAlone() async throws {
        let database = try database()
        let answers = await database.writeTogether(
            { try $0.addCounter("a") },
            { transaction in
                try transaction.addCounter("b")
                throw Refused()
            },
            { try $0.addCounter("a") },
            { try $0.addCounter("c") }
        )
        #expect(answers.map { (try? $0.get()) != nil } == [true, false, false, true])
        #expect(throws: Refused()) { try answers[1].get() }
        #expect(throws: StorageError(.constraintViolated, reason: "")) { try answers[2].get() }
        #expect(try await database.read { try $0.counters() } == ["a", "c"])
    }

    @Test("that fails first does not take those behind it along")
    func failsFirst() async throws {
        let database = try database()
        let answers = await database.writeTogether(
            { transaction in
                try transaction.addCounter("a")
                throw Refused()
            },
            { try $0.addCounter("b") }
        )
        #expect(answers.map { (try? $0.get()) != nil } == [false, true])
        #expect(try await database.read { try $0.counters() } == ["b"])
    }

    @Test("sees what the units before it in the same commit did")
    func seesNeighbours() async throws {
        let database = try database()
        let answers = await database.writeTogether(
            { transaction in
                try transaction.addCounter("a", 41)
                return nil
            },
            { try $0.value(of: "a") }
        )
        #expect(try answers[1].get() == 41)
    }

    @Test("cannot commit after a statement failed, even if the closure swallows the error")
    func swallowed() async throws {
        let database = try database()
        await #expect(throws: StorageError(.constraintViolated, reason: "")) {
            try await database.write { transaction in
                try transaction.addCounter("a")
                try? transaction.addCounter("a")
            }
        }
        await #expect(throws: StorageError(.constraintViolated, reason: "")) {
            try await database.write { transaction in
                try transaction.addCounter("a")
                try? transaction.addCounter("a")
                try transaction.addCounter("b")
            }
        }
        #expect(try await database.read { try $0.counters() } == [])
    }

    @Test("can read nothing more after a statement failed")
    func nothingAfterFailure() async throws {
        let database = try place.open()
        let seen = try? await database.write { transaction in
            _ = try? transaction.execute("INSERT INTO missing VALUES (1)", [])
            #expect(throws: StorageError(.invalidStatement, reason: "")) { try transaction.counters() }
            return true
        }
        #expect(seen == nil)
    }

    @Test("that breaks a deferred foreign key fails alone, not with all that share its commit")
    func deferredRule() async throws {
        let database = try database()
        let answers = await database.writeTogether(
            { try $0.addCounter("a") },
            { transaction in
                try transaction.execute("INSERT INTO late (id, counter) VALUES (1, 'missing')", [])
            },
            { transaction in
                try transaction.execute("INSERT INTO late (id, counter) VALUES (2, 'b')", [])
                try transaction.addCounter("b")
            }
        )
        #expect(answers.map { (try? $0.get()) != nil } == [true, false, true])
        #expect(throws: StorageError(.constraintViolated, reason: "")) { try answers[1].get() }
        #expect(try await database.read { try $0.counters() } == ["a", "b"])
    }

    @Test("keeps foreign keys")
    func foreignKeys() async throws {
        let database = try database()
        await #expect(throws: StorageError(.constraintViolated, reason: "")) {
            try await database.write { transaction in
                try transaction.execute("INSERT INTO note (id, counter) VALUES (1, 'missing')", [])
            }
        }
    }

    @Test(
        "cannot end its transaction, reach outside or change the schema",
        arguments: [
            "COMMIT", "ROLLBACK", " begin", "SAVEPOINT a", "RELEASE unit", "ROLLBACK TO unit",
            "PRAGMA foreign_keys = OFF",
            "ATTACH '/tmp/x' AS x", "VACUUM", "DROP TABLE counter", "CREATE TABLE x (y)", "/**/ COMMIT", "\n\tCOMMIT",
        ] as [TestStatement])
    func refusedStatements(statement: TestStatement) async throws {
        let database = try database()
        await #expect(throws: StorageError(.invalidStatement, reason: "")) {
            try await database.write { transaction in
                try transaction.addCounter("a")
                try transaction.execute(statement.sql, [])
            }
        }
        #expect(try await database.read { try $0.counters() } == [])
    }
}

/// A literal as a test argument.
struct TestStatement: ExpressibleByStringLiteral, Sendable, CustomStringConvertible {
    let sql: StaticString
    init(stringLiteral sql: StaticString) { self.sql = sql }
    var description: String { sql.description }
}
