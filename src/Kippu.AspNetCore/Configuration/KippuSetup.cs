using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kippu.AspNetCore.Configuration;

/// <summary>The options of a name begin with what the configuration says.</summary>
internal sealed class KippuSetup(IConfiguration configuration) : IConfigureNamedOptions<KippuOptions>
{
    public void Configure(string? name, KippuOptions options) => KippuSection.Bind(configuration, name ?? Options.DefaultName, options);

    public void Configure(KippuOptions options) => Configure(Options.DefaultName, options);
}
