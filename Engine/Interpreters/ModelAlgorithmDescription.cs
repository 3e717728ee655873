namespace Engine;

/// <summary>
/// Adds rules over the whole model to <see cref="AlgorithmDescription"/>, under the same method name: in a class of their own, because two
/// methods of one class may not differ in their constraints alone.
/// </summary>
public static class ModelAlgorithmDescription
{
    extension(AlgorithmDescription)
    {
        /// <summary>Describes a rule over the whole model.</summary>
        /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
        public static AlgorithmDescription Of<TRule>(TRule rule) where TRule : struct, IModelRule => AlgorithmDescription.OfModel(rule);
    }
}
