using Xunit;

namespace Kippu.Tests.KeySchedule;

/// <summary>
/// A trace of RFC 8448, read from Rfc8448/section*.txt, which hold the text of the RFC's sections without its page breaks: a line {role} title for each step,
/// then a line for each value. A step that is "(same as ...)" has no values of its own; here it gets those of the step that it is the same as.
/// </summary>
internal sealed class Rfc8448Trace
{
    private Rfc8448Trace(IReadOnlyList<Rfc8448Step> steps) => Steps = steps;

    public IReadOnlyList<Rfc8448Step> Steps { get; }

    public static Rfc8448Trace Load(int section)
    {
        using var stream = typeof(Rfc8448Trace).Assembly.GetManifestResourceStream($"Rfc8448.section{section}")!;
        using var reader = new StreamReader(stream);
        var steps = new List<Rfc8448Step>();
        var fields = new Dictionary<string, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('{'))
            {
                var client = line.StartsWith("{client} ", StringComparison.Ordinal);
                steps.Add(new Rfc8448Step(client, line["{client} ".Length..].Split(" (same as")[0], fields = []));
            }
            else if (line.Split(" =") is [var name, var value])
            {
                fields.Add(name, value.Trim());
            }
        }

        return new Rfc8448Trace([.. steps.Select(step => Resolve(steps, step))]);
    }

    /// <summary>The message of this name that is constructed in the trace, the first or a later one of both sides.</summary>
    public byte[] Message(string name, int index = 0) => Messages(name)[index];

    public IReadOnlyList<byte[]> Messages(string name) =>
        [.. Steps.Where(step => step.Title.StartsWith("construct", StringComparison.Ordinal) && step.Fields.ContainsKey(name)).Select(step => step.Bytes(name))];

    /// <summary>The client's hellos as they were sent: one that holds a binder is constructed without it.</summary>
    public IReadOnlyList<byte[]> ClientHellos =>
        [.. Steps.Where(step => step is { IsClient: true, Title: "send handshake record" }).Select(step => step.Bytes("payload")).Where(message => message[0] == 1)];

    /// <summary>The side's private key that belongs to this public one.</summary>
    public byte[] PrivateKey(ReadOnlySpan<byte> publicKey)
    {
        var wanted = Convert.ToHexStringLower(publicKey);
        return Steps.First(step => step.Fields.GetValueOrDefault("public key") == wanted).Bytes("private key");
    }

    private static Rfc8448Step Resolve(List<Rfc8448Step> steps, Rfc8448Step step)
    {
        if (step.Fields.Count > 0)
        {
            return step;
        }

        // What one side writes with the other reads with. Of the two Finished each side computes the server's first.
        var swapped = step.Title.Contains(" write ", StringComparison.Ordinal)
            ? step.Title.Replace(" write ", " read ", StringComparison.Ordinal)
            : step.Title.Replace(" read ", " write ", StringComparison.Ordinal);
        var same = steps.Where(other => other.IsClient != step.IsClient && other.Title == swapped && other.Fields.Count > 0).ToArray();
        return step with { Fields = Assert.Single(same).Fields };
    }
}
