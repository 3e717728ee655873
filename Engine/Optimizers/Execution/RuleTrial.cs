using System.Numerics;

namespace Engine;

/// <summary>
/// Runs a rule on one element before any step, in the scalar pass and, with the scalars of that pass, as the sweep runs it. What it finds
/// would otherwise be a wrong number in every element.
/// </summary>
internal static class RuleTrial
{
    /// <summary>Checks the rule at its coming update, and its code at other step numbers.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="pass">The pass that will compute its scalars.</param>
    /// <param name="updates">The number of updates made.</param>
    /// <returns>The number of scalars that the sweep reads.</returns>
    /// <exception cref="ArgumentException">The rule uses state that it does not declare, or branches on a value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is outside its range.</exception>
    public static int Run<TRule, T>(in TRule rule, ScalarPass<T> pass, long updates)
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        RuleDeclaration declaration = pass.Declaration;
        double[] before = new double[declaration.Scalars.Count], after = new double[before.Length];
        before.AsSpan().Fill(0.5);
        Scalar<T>[] room = new Scalar<T>[ScalarPass<T>.Capacity];
        int count = 0;
        ReadOnlySpan<long> stepNumbers = [updates + 1, 1, 2, 3, 4, 10, 100, 1000, 1_000_000];
        foreach (long stepNumber in stepNumbers)
        {
            TrialElement<T> passed = TrialElement<T>.Start, swept = passed;
            pass.Try(rule, room, updates + 1, stepNumber, before, after, ref passed);
            count = Sweep(rule, room, ref swept);
            if (count != pass.Count || !swept.Equals(passed))
            {
                throw Branches(declaration.Name, stepNumber, pass.Count, count);
            }
        }
        for (int i = declaration.States.Count; i < RuleDeclaration.MaxStates; i++)
        {
            TrialElement<T> first = TrialElement<T>.Start, second = first;
            Scalar<T> start = first.Field(i);
            second.Field(i) = start + 1;
            pass.Try(rule, room, updates + 1, updates + 1, before, after, ref first);
            pass.Try(rule, room, updates + 1, updates + 1, before, after, ref second);
            bool isChanged = first.Field(i) != start;
            second.Field(i) = first.Field(i);
            if (isChanged || !second.Equals(first))
            {
                throw new ArgumentException(
                    $"{declaration.Name}: the rule uses state.{TrialElement<T>.FieldName(i)} with {declaration.States.Count} state " +
                    "arrays declared in States, expected one array for each field that it uses: undeclared state is not kept.");
            }
        }
        return count;
    }

    /// <summary>The message of a rule that behaves differently in the sweep and in the scalar pass.</summary>
    public static ArgumentException Branches(string ruleName, long stepNumber, int passed, int swept) => new(
        $"{ruleName}: at T = {stepNumber} the rule takes a different branch in the scalar pass ({passed} scalars) than in the sweep " +
        $"({swept}); expected straight-line code, with S.WhereGreater in place of a branch on T or another value.");

    /// <summary>Updates an element with the scalars of the pass, and returns how many of them were read.</summary>
    private static unsafe int Sweep<TRule, T>(in TRule rule, Scalar<T>[] scalars, ref TrialElement<T> element)
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        StepScalars<Scalar<T>> broadcast;
        fixed (Scalar<T>* first = scalars)
        {
            broadcast = Engine.Sweep.Broadcast<Scalar<T>, T>((T*)first + 2);
        }
        Step<ErasedScalar, Scalar<T>> at = new(in broadcast);
        Scalar<T> g = element.Gradient;
        WeightDecay.Apply(rule.WeightDecay.Kind, rule, ref at, ref element.Parameter, ref g);
        rule.Update(ref at, ref element.Parameter, g, ref element.State);
        return at.Converted + 2;
    }
}
