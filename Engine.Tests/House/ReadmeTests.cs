using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Engine.Tests.Examples;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using NUnit.Framework;

namespace Engine.Tests.House;

/// <summary>Nothing stands in the README that was not run here.</summary>
[Category("Slow")]
public sealed partial class ReadmeTests
{
    private static readonly string Readme = Repository.Read("README.md").ReplaceLineEndings("\n");

    /// <summary>The programs, each a C# block followed by the text that it prints.</summary>
    [TestCaseSource(nameof(Programs))]
    public void Every_program_compiles_as_it_is_and_prints_what_the_readme_says(string program, string printed)
    {
        TextWriter before = Console.Out;
        using StringWriter output = new();
        try
        {
            Console.SetOut(output);
            Compile(program).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(before);
        }
        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo(printed));
    }

    private static IEnumerable<TestCaseData> Programs()
    {
        string[] programs = Fences("csharp"), printed = Fences("text");
        for (int i = 0; i < programs.Length; i++)
        {
            yield return new TestCaseData(programs[i], printed[i]).SetArgDisplayNames($"program {i + 1}");
        }
    }

    [Test]
    public void There_is_no_other_code()
    {
        // every other block would be one that no test here runs
        string[] languages = [.. Fence().Matches(Readme).Select(fence => fence.Groups[1].Value)];
        string[] programs = [.. languages.Where(language => language is "csharp" or "text")];
        Assert.That(languages.Where(language => language is not ("sh" or "xml" or "csharp" or "text")), Is.Empty);
        Assert.That(programs, Is.EqualTo(Enumerable.Range(0, programs.Length).Select(i => i % 2 == 0 ? "csharp" : "text")));
        Assert.That(programs, Has.Length.EqualTo(16));
        Assert.That(Readme.Split("```"), Has.Length.EqualTo(2 * languages.Length + 1));
    }

    [Test]
    public void A_project_that_references_the_engine_needs_what_the_readme_says()
    {
        XElement shown = XElement.Parse($"<Project>{Fences("xml").Single()}</Project>");
        XElement shared = XElement.Parse(Repository.Read("Directory.Build.props"));
        foreach (string property in (string[])["TargetFramework", "LangVersion"])
        {
            Assert.That(shown.Descendants(property).Single().Value, Is.EqualTo(shared.Descendants(property).Single().Value));
        }
        Assert.That(shown.Descendants("ProjectReference").Single().Attribute("Include")!.Value, Does.EndWith("Engine/Engine.csproj"));
    }

    [Test]
    public void The_commands_are_those_that_the_checks_run()
    {
        string[] run =
        [
            .. CheckedCommand().Matches(Repository.Read(".ci/run").ReplaceLineEndings("\n")).Select(check => check.Groups[1].Value),
        ];
        Assert.That(Fences("sh").Select(command => command.TrimEnd()), Is.SubsetOf(run));
    }

    [Test]
    public void The_example_command_starts_the_program_that_is_there()
    {
        Match run = RunCommand().Match(Fences("sh")[0]);
        Assert.That(run.Success, Is.True);
        Assert.That(File.Exists(Path.Combine(Repository.Root, run.Groups["project"].Value, run.Groups["project"].Value + ".csproj")));
        string[] arguments = run.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(arguments, Is.Empty);
        string folder = Directory.CreateTempSubdirectory("readme").FullName, before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder;
            Command command = Command.Run(arguments);
            Assert.That((command.ExitCode, command.Error), Is.EqualTo((0, "")));
            Assert.That(File.Exists(Path.Combine(folder, "learning-curves.svg")));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Every_file_and_folder_that_the_documents_name_exists()
    {
        string[] documents = ["README.md", "CONTRIBUTING.md", .. Repository.Files("docs", "*.md").Select(Repository.Relative)];
        IEnumerable<Match> matches = documents.SelectMany(document => FileName().Matches(Repository.Read(document)));
        string[] names = [.. matches.Select(match => match.Groups[1].Value)];
        Assert.That(names, Has.Length.GreaterThan(20));
        Assert.That(names.Where(name => !Path.Exists(Path.Combine(Repository.Root, name))).Distinct(), Is.Empty);
    }

    private static string[] Fences(string language) =>
        [.. Fence().Matches(Readme).Where(fence => fence.Groups[1].Value == language).Select(fence => fence.Groups[2].Value)];

    /// <summary>The program as a new console project would compile it.</summary>
    private static Assembly Compile(string program)
    {
        const string implicitUsings =
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
            + "global using System.Threading; global using System.Threading.Tasks;";
        CSharpParseOptions options = new(LanguageVersion.CSharp14);
        CSharpCompilation compilation = CSharpCompilation.Create("ReadmeProgram",
            [CSharpSyntaxTree.ParseText(program, options), CSharpSyntaxTree.ParseText(implicitUsings, options)],
            References.OfThisProcess("Engine.Tests", "Examples"),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error));
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        Assert.That(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
        return Assembly.Load(image.ToArray());
    }

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^dotnet run -c Release --project (?<project>\w+)(?: --(?<arguments> .*))?\n$")]
    private static partial Regex RunCommand();

    [GeneratedRegex(@"^(?:check|tests) ""[^""]*"" (.*)$", RegexOptions.Multiline)]
    private static partial Regex CheckedCommand();

    [GeneratedRegex(@"`((?:Engine|Engine\.Tests|Engine\.Bench|Examples|docs|\.ci)/[\w./]+|\w+\.(?:md|json)|LICENSE)`")]
    private static partial Regex FileName();
}
