using System.Reflection;
using System.Text.RegularExpressions;
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

    [Test]
    public void The_training_loop_is_the_one_that_was_compiled_and_it_trains()
    {
        string source = Repository.Read("Engine.Tests/House/ReadmeSnippets.cs").ReplaceLineEndings("\n");
        string[] lines = MarkedLines().Match(source).Groups[1].Value.TrimEnd().Split('\n');
        int indent = lines[0].Length - lines[0].TrimStart().Length;
        string compiled = string.Join('\n', lines.Select(line => line[indent..])) + "\n";
        Assert.That(Fences("csharp")[0], Is.EqualTo(compiled));

        RandomKey key = RandomKey.FromSeed(1);
        Sequential<float> model = new(new Linear<float>(2, 16, key.Fold(0)), new Relu<float>(), new Linear<float>(16, 2, key.Fold(1)));
        Optimizer<float> optimizer = Optimizer.For(new Adam { LearningRate = 0.05 }, model.Parameters);
        Tensor<float> corners = Tensor<float>.From([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
        float loss = ReadmeSnippets.TrainingLoop(model, optimizer, corners, [0, 1, 1, 0], steps: 200);
        Assert.That(loss, Is.LessThan(0.01f), "exclusive or, which no network without a hidden layer can learn");
    }

    /// <summary>The programs, each a C# fence followed by the text that it prints.</summary>
    [TestCase(0)]
    [TestCase(1)]
    public void The_whole_program_compiles_as_it_stands_and_prints_what_it_says(int number)
    {
        Assembly program = Compile(Fences("csharp")[1 + number]);
        TextWriter before = Console.Out;
        using StringWriter output = new();
        try
        {
            Console.SetOut(output);
            program.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(before);
        }
        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo(Fences("text")[number]));
    }

    [Test]
    public void There_is_no_other_code()
    {
        // a fence more would be one that no test here looks at
        string[] languages = [.. Fence().Matches(Readme).Select(fence => fence.Groups[1].Value)];
        Assert.That(languages, Is.EqualTo(new[] { "sh", "sh", "csharp", "csharp", "text", "csharp", "text" }));
        Assert.That(Readme.Split("```"), Has.Length.EqualTo(2 * languages.Length + 1));
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
    public void Every_file_it_names_exists()
    {
        string[] files = [.. FileName().Matches(Readme).Select(match => match.Groups[1].Value)];
        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(file => !File.Exists(Path.Combine(Repository.Root, file))), Is.Empty);
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

    [GeneratedRegex(@"// README: the training loop\n(.*?)\n[^\n]*// README: end", RegexOptions.Singleline)]
    private static partial Regex MarkedLines();

    [GeneratedRegex(@"^dotnet run -c Release --project (?<project>\w+)(?: --(?<arguments> .*))?\n$")]
    private static partial Regex RunCommand();

    [GeneratedRegex(@"^(?:check|tests) ""[^""]*"" (.*)$", RegexOptions.Multiline)]
    private static partial Regex CheckedCommand();

    [GeneratedRegex(@"`([\w./]+\.(?:cs|md|json)|LICENSE)`")]
    private static partial Regex FileName();
}
