using Engine.Tests.Optimizers;

namespace Engine.Tests.Interpreters;

/// <summary>The rules under the tests of interpreters: those of <see cref="RuleTable"/> and the rules of this folder.</summary>
internal static class InterpretedRules
{
    public static IEnumerable<RuleCase> All() => [.. RuleTable.Defaults(), .. Varied()];

    public static IEnumerable<RuleCase> Varied() =>
        [.. RuleTable.Varied(), RuleCase.Of(new TestRules.Clipped()), RuleCase.Of(new TestRules.OldAndNew()),
            RuleCase.Of(new TestRules.Swap())];
}
