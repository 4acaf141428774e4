using System.Text.Json.Serialization;

namespace Kippu.Cli.Fleet;

/// <summary>How the report of a fleet becomes JSON: compiled in, so that it works with NativeAOT.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FleetReport))]
internal sealed partial class FleetJson : JsonSerializerContext;
