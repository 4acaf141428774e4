using System.Text.Json.Serialization;
using Kippu.Cli.Serving;

namespace Kippu.Cli.Output;

/// <summary>The same, one object a line: for a server, which writes one for each connection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServedConnection))]
internal sealed partial class KippuJsonLines : JsonSerializerContext;
