/// The page that `countersign serve --demonstration` shows on the machine where it is developed.
public struct Demonstration: Sendable {
    let folder: StaticFolder
    /// The listener's own origins: pages that it serves itself may ask like those of a workspace's origins.
    let origins: [String]

    /// Throws `StaticFolderError` for a folder without `index.html`.
    public init(folder path: String, origins: [String]) throws(StaticFolderError) {
        folder = try StaticFolder(path: path)
        self.origins = origins
    }
}
