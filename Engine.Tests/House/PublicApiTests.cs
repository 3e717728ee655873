using PublicApiGenerator;

namespace Engine.Tests.House;

/// <summary>The public surface of the engine is the one that somebody approved.</summary>
[Category("Slow")]
public sealed class PublicApiTests
{
    private const string Approved = "Engine.Tests/House/PublicApi.approved.txt";
    private const string HowToApprove =
        "If the change is intended, run  ENGINE_APPROVE=1 dotnet test -c Release --filter PublicApi  and commit " + Approved + ".";

    [Test]
    public void The_public_surface_is_the_approved_one()
    {
        string[] actual = Lines(typeof(Tensor<>).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }));
        string path = Path.Combine(Repository.Root, Approved);
        if (Environment.GetEnvironmentVariable("ENGINE_APPROVE") == "1")
        {
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
        }
        string[] approved = File.Exists(path) ? Lines(File.ReadAllText(path)) : [];
        Findings.None(Difference(approved, actual), HowToApprove);
    }

    [Test]
    public void A_difference_names_the_type_and_the_lines_that_came_and_went()
    {
        string[] before = ["public class A", "{", "    public int X;", "    public int Y;", "}"];
        string[] after = ["public class A", "{", "    public int X;", "    public long Y;", "}"];
        Assert.That(Difference(before, after), Is.EqualTo(new[] { "  public class A", "-     public int Y;", "+     public long Y;" }));
        Assert.That(Difference(after, after), Is.Empty);
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    /// <summary>The lines that only one side has, each group below the header of its type.</summary>
    private static List<string> Difference(string[] before, string[] after)
    {
        int[,] common = Common(before, after);
        List<string> difference = [];
        string type = "", shown = "";
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            bool both = i < before.Length && j < after.Length && before[i] == after[j];
            bool removed = !both && i < before.Length && (j == after.Length || common[i + 1, j] >= common[i, j + 1]);
            string line = both || removed ? before[i] : after[j];
            if (line.Contains(" class ", StringComparison.Ordinal) || line.Contains(" struct ", StringComparison.Ordinal)
                || line.Contains(" interface ", StringComparison.Ordinal) || line.Contains(" enum ", StringComparison.Ordinal))
            {
                type = line;
            }
            if (!both)
            {
                if (shown != type && line != type)
                {
                    difference.Add($"  {type}");
                }
                shown = type;
                difference.Add($"{(removed ? '-' : '+')} {line}");
            }
            i += both || removed ? 1 : 0;
            j += both || !removed ? 1 : 0;
        }
        return difference;
    }

    /// <summary>The lengths of the longest common subsequences of all tails.</summary>
    private static int[,] Common(string[] before, string[] after)
    {
        int[,] common = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }
        return common;
    }
}
