using Kippu.Cli.Output;
using Kippu.Cli.Tests.Commands;

namespace Kippu.Cli.Tests.Output;

/// <summary>Files of modes: where there are none these tests have nothing to say.</summary>
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_that_is_made_for_lines_is_its_owners_only()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var path = _directory.File("keys.log");
        Append(path, "one");
        Append(path, "two");

        Assert.Equal(["one", "two"], File.ReadAllLines(path));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    public void A_file_that_others_can_read_gets_no_lines_and_stays_as_it_is(UnixFileMode others)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var path = _directory.File("keys.log");
        File.WriteAllText(path, "somebody's\n");
        File.SetUnixFileMode(path, OwnerOnly | others);

        var fault = Assert.Throws<CommandFault>(() => Append(path, "secret"));

        Assert.Contains("can be read by others", fault.Message, StringComparison.Ordinal);
        Assert.Equal("somebody's\n", File.ReadAllText(path));
        Assert.Equal(OwnerOnly | others, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, OwnerOnly);
        Append(path, "secret");
        Assert.Equal(["somebody's", "secret"], File.ReadAllLines(path));
    }

    private static void Append(string path, string line)
    {
        using var writer = PrivateFile.Append(path);
        writer.WriteLine(line);
    }
}
