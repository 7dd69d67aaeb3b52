import Configuration
import Foundation
import Testing

/// What docs/openapi.yaml says that there is.
private struct RouteDescription {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/openapi.yaml")

    /// As `TestServer.routes` has them: `{id}` is `:id`.
    let routes: Set<String>

    init() throws {
        let file = try ConfigurationFile(
            bytes: Array(Data(contentsOf: Self.file)), name: "openapi.yaml", largest: 1_048_576, deepest: 64)
        let paths = try file.root.requiredSection("paths")
        var routes: Set<String> = []
        for path in paths.names {
            let pattern = path.replacing("{", with: ":").replacing("}", with: "")
            for method in try paths.requiredSection(path).names { routes.insert("\(method.uppercased()) \(pattern)") }
        }
        self.routes = routes
    }
}

@Suite("Description of the routes")
struct RouteDescriptionTests {
    @Test("docs/openapi.yaml has every route, and none that there is not")
    func agreement() async throws {
        let folder = try PageFolder()
        let registered = try await TestServer(demonstration: folder.demonstration()).routes
        let described = try RouteDescription().routes
        #expect(registered.count > 100)
        #expect(registered.subtracting(described).sorted() == [], "these are not described")
        #expect(described.subtracting(registered).sorted() == [], "these are not there")
    }
}
