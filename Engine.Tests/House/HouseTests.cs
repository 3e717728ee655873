using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;

namespace Engine.Tests.House;

/// <summary>What holds for the repository as a whole.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] Projects =
    [
        "Engine.Bench/Engine.Bench.csproj", "Engine.Tests/Engine.Tests.csproj", "Engine/Engine.csproj", "Examples/Examples.csproj",
    ];

    // each in two pieces, since this file is searched too
    private static readonly string[] Unfinished =
    [
        "TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", @"\[Ig" + "nore", @"Assert\.Ig" + "nore", @"Assert\.Incon" + "clusive",
        "#pragma warning dis" + "able",
    ];
    private static readonly string[] Places =
        ["/wor" + "k/", "/far" + "m/", "/roo" + "t/", "/hom" + "e/", "/Use" + "rs/", @"[A-Z]:\\Use" + "rs", "nuget" + @"\.org"];

    [Test]
    public void No_unfinished_work_and_no_machine_paths()
    {
        Regex forbidden = new($@"(?<!\w)({string.Join('|', Unfinished)})|({string.Join('|', Places)})");
        int read = 0;
        List<string> found = [];
        foreach (string file in Repository.Files().Where(IsText))
        {
            read++;
            found.AddRange(forbidden.Matches(File.ReadAllText(file)).Select(match => $"{Repository.Relative(file)}: {match.Value}"));
        }
        Assert.That(found, Is.Empty);
        Assert.That(read, Is.GreaterThan(50), "files looked at");
    }

    [Test]
    public void The_engine_has_no_public_static_field_that_can_change()
    {
        FieldInfo[] statics =
            [.. typeof(Tensor<>).Assembly.GetExportedTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))];
        IEnumerable<FieldInfo> mutable = statics.Where(field => field is { IsInitOnly: false, IsLiteral: false });
        Assert.That(mutable.Select(field => $"{field.DeclaringType}.{field.Name}"), Is.Empty);
        Assert.That(statics, Is.Not.Empty, "Shape.MaxRank is one");
    }

    [Test]
    public void The_solution_holds_the_four_projects_and_there_is_no_other()
    {
        string[] listed =
        [
            .. ProjectLine().Matches(Repository.Read("Engine.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
        string[] onDisk = [.. Repository.Files("", "*.csproj").Select(Repository.Relative).Order(StringComparer.Ordinal)];
        Assert.That(listed, Is.EqualTo(Projects));
        Assert.That(onDisk, Is.EqualTo(Projects));
    }

    [Test]
    public void The_engine_depends_on_tensor_primitives_alone()
    {
        // an analyzer whose assets are all private runs in the compiler and reaches no user of the package
        XElement[] references =
        [
            .. XDocument.Parse(Repository.Read("Engine/Engine.csproj")).Descendants()
                .Where(item => item.Name.LocalName.EndsWith("Reference", StringComparison.Ordinal)),
        ];
        IEnumerable<string> dependencies = references.Where(item => item.Attribute("PrivateAssets")?.Value != "all").Select(Included);
        IEnumerable<string> analyzers = references.Where(item => item.Attribute("PrivateAssets")?.Value == "all").Select(Included);
        Assert.That(dependencies, Is.EqualTo(new[] { "System.Numerics.Tensors" }));
        Assert.That(analyzers, Is.EqualTo(new[] { "Microsoft.CodeAnalysis.BannedApiAnalyzers" }));
        Assert.That(Repository.Read("Directory.Build.props"), Does.Not.Contain("Reference"), "nor through what all projects share");

        string[] platform = ["System.", "netstandard", "mscorlib"];
        IEnumerable<string> linked = typeof(Tensor<>).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!);
        IEnumerable<string> others = linked.Where(name => !platform.Any(start => name.StartsWith(start, StringComparison.Ordinal)));
        Assert.That(others, Is.Empty, "nor what the DLL is linked to");
    }

    [Test]
    public void Every_package_has_one_exact_version()
    {
        Dictionary<string, string> versions = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(item => item.Attribute("Include")!.Value, item => item.Attribute("Version")!.Value);
        foreach ((string name, string version) in versions)
        {
            Assert.That(version, Does.Match(@"^\[\d+\.\d+\.\d+\]$"), name);
        }
        foreach (string path in Projects)
        {
            foreach (XElement package in XDocument.Parse(Repository.Read(path)).Descendants("PackageReference"))
            {
                string name = package.Attribute("Include")!.Value;
                Assert.That(versions, Does.ContainKey(name), path);
                IEnumerable<string> attributes = package.Attributes().Select(attribute => attribute.Name.LocalName);
                Assert.That(attributes, Has.None.Contains("Version"), $"{path}: {name}");
            }
        }
        Assert.That(versions, Does.ContainKey("System.Numerics.Tensors"));
    }

    [Test]
    public void The_run_without_vector_instructions_is_one()
    {
        // .ci/run sets the variable for the second run; if the runtime ignored it, that run would prove nothing
        bool wanted = Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") != "0";
        Assert.That(Vector128.IsHardwareAccelerated, Is.EqualTo(wanted));
    }

    private static string Included(XElement item) => item.Attribute("Include")!.Value;

    /// <summary>A file without zero bytes in its beginning.</summary>
    private static bool IsText(string file)
    {
        Span<byte> start = stackalloc byte[4096];
        using FileStream stream = File.OpenRead(file);
        return !start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)].Contains((byte)0);
    }

    [GeneratedRegex(@"^Project\(""[^""]*""\) = ""[^""]*"", ""([^""]*)""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
