namespace Engine;

public sealed partial class Optimizer<T>
{
    /// <summary>
    /// Updates some rows of one parameter, and touches neither value nor state of any other row: the step for embeddings, of which a batch
    /// uses a few rows. Works with every elementwise rule; the update count is that of the whole parameter, as in PyTorch's SparseAdam.
    /// Rows that are given more than once are added up first, in the order given; then they are clipped as if the gradient of all others
    /// were zero.
    /// </summary>
    /// <param name="parameter">A parameter of two or more dimensions; a row is one index of the first axis.</param>
    /// <param name="rows">The rows, in any order; one may be given more than once.</param>
    /// <param name="gradients">
    /// Their gradients, of shape [rows, the parameter's other extents]; the parameter's own gradient is neither read nor cleared.
    /// </param>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer, or the gradients have another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A row is outside the parameter, or a scheduled hyperparameter outside its range.
    /// </exception>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The parameter is frozen, its rule is not elementwise, there are <see cref="Transforms"/>, which act on whole gradients, another call
    /// is running, or a rule threw during an earlier step.
    /// </exception>
    public void StepRows(Parameter<T> parameter, ReadOnlySpan<int> rows, in Tensor<T> gradients)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.ThrowIfFrozen(nameof(StepRows));
        using Use use = Enter(nameof(StepRows));
        (IElementwiseGroup<T> group, ParameterEntry<T> entry) = FindElementwise(parameter, nameof(StepRows));
        if (_transforms.Length > 0)
        {
            throw new InvalidOperationException(
                $"StepRows: got an optimizer with the transform {_transforms[0]}, expected none: transforms act on whole gradients.");
        }
        _rows.Gather(parameter, rows, gradients);
        if (_rows.Rows.IsEmpty)
        {
            return;
        }
        double norm = NeedsNorm ? Vectors.Norm<T>(_rows.Gradients, Clip.Order) : double.NaN;
        if (IsRejected(norm))
        {
            Reject(nameof(StepRows), [entry]);
            return;
        }
        ClipRows(entry, norm);
        try
        {
            group.StageRows(entry, _rows.Gradients);
        }
        catch
        {
            group.Discard();
            throw;
        }
        try
        {
            parameter.MarkChanged();
            group.StepRows(entry, _rows.Rows, _rows.Gradients, entry.Scale.IsClamped);
        }
        catch (Exception cause)
        {
            Fail(nameof(StepRows), group.RuleName, cause);
            throw;
        }
        if (DetectsNonFinite)
        {
            CheckRows(entry, _rows.Rows);
        }
    }
}
