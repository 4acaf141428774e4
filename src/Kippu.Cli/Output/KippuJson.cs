using System.Text.Json.Serialization;
using Kippu.Cli.Connecting;
using Kippu.Cli.Demo;
using Kippu.Cli.Serving;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Output;

/// <summary>How reports become JSON: compiled in, so that it works with NativeAOT.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConnectionReport))]
[JsonSerializable(typeof(ConnectReport))]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class KippuJson : JsonSerializerContext;
